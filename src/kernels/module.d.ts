/** The compiled kernels, which TypeScript can't import by itself yet. */
declare const kernels: WebAssembly.Module;
export default kernels;
