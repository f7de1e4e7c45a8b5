namespace GenSomAttn.Kernels;

/// <summary>
/// Names a stream of random numbers; an element's number depends on the key and the element's index alone, never on who
/// draws it or in which order.
/// </summary>
/// <param name="Seed">The user's seed.</param>
/// <param name="Purpose">What the numbers are for; one of <see cref="RandomPurpose"/>.</param>
/// <param name="Step">Training step, epoch or call, so that each draws new numbers.</param>
public readonly record struct RandomKey(ulong Seed, RandomPurpose Purpose, uint Step);

/// <summary>What random numbers are for: streams of different purposes never overlap. The values are part of the file format.</summary>
public enum RandomPurpose
{
    /// <summary>Initial parameters; the step is the parameter's index.</summary>
    Initialization = 1,

    /// <summary>Initial codebook.</summary>
    Codebook = 2,

    /// <summary>The order of the images in an epoch; the step is the epoch.</summary>
    Shuffle = 3,

    /// <summary>Which unit is sampled.</summary>
    SampleUnit = 4,

    /// <summary>The noise around a sampled unit, and in step 1 that of the codes that a variational autoencoder is scored with.</summary>
    SampleNoise = 5,

    /// <summary>Inputs of checks and tests.</summary>
    Check = 6,

    /// <summary>The noise of the samples that a variational autoencoder is trained with; the step is the training step.</summary>
    VaeNoise = 7,

    /// <summary>Which samples a score is computed on; the step is the draw.</summary>
    Subset = 8,

    /// <summary>First centers of k-means.</summary>
    Centers = 9,
}
