import source kernels from "./kernels.wasm";
export default kernels;
