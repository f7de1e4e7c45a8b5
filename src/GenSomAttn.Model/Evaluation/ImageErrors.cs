namespace GenSomAttn.Model.Evaluation;

/// <summary>Errors of decoded images.</summary>
internal static class ImageErrors
{
    private const int AtOnce = 4;

    /// <summary>Computes the mean squared error per pixel of each decoded image, summed in double pixel by pixel.</summary>
    /// <param name="images">(N, S·S·C).</param>
    /// <param name="made">The decoded images, (N, S·S·C).</param>
    /// <param name="errors">(N).</param>
    public static void MeanSquared(ReadOnlySpan<float> images, ReadOnlySpan<float> made, Span<double> errors)
    {
        int pixels = images.Length / errors.Length;
        int n = 0;

        // Four images side by side: the additions of one are a chain in which each waits for the last.
        for (; n + AtOnce <= errors.Length; n += AtOnce)
        {
            MeanSquaredOfFour(
                images.Slice(n * pixels, AtOnce * pixels), made.Slice(n * pixels, AtOnce * pixels), errors.Slice(n, AtOnce));
        }

        for (; n < errors.Length; n++)
        {
            errors[n] = MeanSquared(images.Slice(n * pixels, pixels), made.Slice(n * pixels, pixels));
        }
    }

    private static double MeanSquared(ReadOnlySpan<float> image, ReadOnlySpan<float> made)
    {
        double sum = 0;
        for (int i = 0; i < image.Length; i++)
        {
            double difference = (double)image[i] - made[i];
            sum += difference * difference;
        }

        return sum / image.Length;
    }

    private static void MeanSquaredOfFour(ReadOnlySpan<float> images, ReadOnlySpan<float> made, Span<double> errors)
    {
        int pixels = images.Length / AtOnce;
        (double sum0, double sum1, double sum2, double sum3) = (0, 0, 0, 0);
        for (int i = 0; i < pixels; i++)
        {
            double difference0 = (double)images[i] - made[i];
            double difference1 = (double)images[pixels + i] - made[pixels + i];
            double difference2 = (double)images[(2 * pixels) + i] - made[(2 * pixels) + i];
            double difference3 = (double)images[(3 * pixels) + i] - made[(3 * pixels) + i];
            sum0 += difference0 * difference0;
            sum1 += difference1 * difference1;
            sum2 += difference2 * difference2;
            sum3 += difference3 * difference3;
        }

        (errors[0], errors[1], errors[2], errors[3]) = (sum0 / pixels, sum1 / pixels, sum2 / pixels, sum3 / pixels);
    }
}
