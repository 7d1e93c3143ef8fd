/** Names of what computes, apart from the providers themselves, so that types of options don't bring those along. */

/** Which implementation of the kernels computes: the fastest that is available (`"auto"`), or one by name. */
export type KernelSetName = "auto" | "native" | "blas" | "wasm" | "reference";

/** Names of the providers. */
export type ProviderName = Exclude<KernelSetName, "auto">;

/** When training skips inputs of zero in the products of layer 0: where that is faster (`"auto"`), always or never. */
export type SkipZeros = "auto" | "always" | "never";
