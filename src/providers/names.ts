/** Names of what computes, apart from the providers themselves, so that types of options don't bring those along. */

/** Who computes: the fastest that can be used, or one by name. */
export type KernelSetName = "auto" | "native" | "blas" | "wasm" | "reference";

/** Names of the providers. */
export type ProviderName = Exclude<KernelSetName, "auto">;

/** When the products of layer 0 skip inputs of zero in training: where that is faster, or as told. */
export type SkipZeros = "auto" | "always" | "never";
