namespace GenSomAttn.Kernels;

/// <summary>
/// The key of a stream of random numbers. An element's number depends on the key and the element's index alone, never on the thread that
/// draws it or on the order of the draws.
/// </summary>
/// <param name="Seed">The user's seed.</param>
/// <param name="Purpose">Purpose of the numbers; one of <see cref="RandomPurpose"/>.</param>
/// <param name="Step">Training step, epoch or call, so that each draws new numbers.</param>
public readonly record struct RandomKey(ulong Seed, RandomPurpose Purpose, uint Step);

/// <summary>Purposes of random numbers. Streams of different purposes never overlap. The values are part of the file format.</summary>
public enum RandomPurpose
{
    /// <summary>Initial parameters; the step is the parameter's index.</summary>
    Initialization = 1,

    /// <summary>Initial codebook.</summary>
    Codebook = 2,

    /// <summary>The order of the images in an epoch; the step is the epoch.</summary>
    Shuffle = 3,

    /// <summary>Choice of the sampled unit.</summary>
    SampleUnit = 4,

    /// <summary>Noise around a sampled unit; in step 1, noise of the codes with which a variational autoencoder is evaluated.</summary>
    SampleNoise = 5,

    /// <summary>Inputs of checks and tests.</summary>
    Check = 6,

    /// <summary>Noise of the samples with which a variational autoencoder is trained; the step is the training step.</summary>
    VaeNoise = 7,

    /// <summary>Choice of the samples on which a score is computed; the step is the draw.</summary>
    Subset = 8,

    /// <summary>Initial centers of k-means.</summary>
    Centers = 9,
}
