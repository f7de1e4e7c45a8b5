namespace GenSomAttn;

/// <summary>Report after an epoch of a training.</summary>
/// <param name="Epoch">Completed epochs, from 1.</param>
/// <param name="Epochs">Epochs of the whole training.</param>
/// <param name="Loss">Training loss, mean over the images of the epoch.</param>
/// <param name="MseE">Mean squared error per pixel of the decoded codes of the test images; null without test images.</param>
/// <param name="MseQ">Mean squared error per pixel of the decoded codebook vectors of their BMUs; null without test images.</param>
/// <param name="QuantizationError">Mean Euclidean distance of their codes to their BMUs; null without test images.</param>
/// <param name="TopographicError">
/// Share, 0 to 1, of the test images whose two best matching units are not among the 6 neighbors of each other; null without test images.
/// </param>
/// <param name="UnitsUsed">Units that are the BMU of at least one test image; null without test images.</param>
/// <param name="Seconds">Duration of the epoch without its evaluation, in seconds.</param>
public sealed record EpochReport(
    int Epoch, int Epochs, double Loss, double? MseE, double? MseQ, double? QuantizationError, double? TopographicError, int? UnitsUsed,
    double Seconds);
