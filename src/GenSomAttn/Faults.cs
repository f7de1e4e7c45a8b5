using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Formats;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn;

/// <summary>
/// Checks of arguments, and the documented exceptions for those of the assemblies below, which users of the library cannot name.
/// </summary>
internal static class Faults
{
    /// <summary>Returns the number of items in an array.</summary>
    /// <exception cref="ArgumentException">There is none, or the length is no multiple.</exception>
    public static int CountOf(int length, int itemLength, string parameter) => length > 0 && length % itemLength == 0
        ? length / itemLength
        : throw new ArgumentException($"{length} values, expected a multiple of {itemLength} and at least one item.", parameter);

    /// <summary>Checks that pixels are in [0, 1].</summary>
    /// <exception cref="ArgumentException">One is not; the message names the image.</exception>
    public static void CheckPixels(ReadOnlySpan<float> pixels, int imageLength)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"Value {i % imageLength} of image {i / imageLength} is {pixels[i]}: give pixels from 0 to 1.", nameof(pixels));
            }
        }
    }

    /// <summary>Checks that codes are finite.</summary>
    /// <exception cref="ArgumentException">One is not; the message names the code.</exception>
    public static void CheckCodes(ReadOnlySpan<float> codes, int codeLength)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            if (!float.IsFinite(codes[i]))
            {
                throw new ArgumentException($"Value {i % codeLength} of code {i / codeLength} is {codes[i]}.", nameof(codes));
            }
        }
    }

    /// <summary>Returns the documented exception for one of the assemblies below; null for any other, which stays as it is.</summary>
    public static Exception? Explain(Exception exception) => exception switch
    {
        SettingException setting => new ArgumentException(setting.MessageWith(NameOf), setting),
        TensorFileException or DataException => new InvalidDataException(exception.Message, exception),
        FileException => new IOException(exception.Message, exception),
        AcceleratorUnavailableException => new NotSupportedException(exception.Message, exception),
        TrainingDivergedException => new ArithmeticException(exception.Message, exception),
        DeviceMemoryException => new InsufficientMemoryException(exception.Message, exception),
        _ => null,
    };

    private static string NameOf(SettingName setting) => setting.Property switch
    {
        nameof(TrainingSettings.Latent) => nameof(TrainOptions.CodeLength),
        "Map" => $"{nameof(TrainOptions.Rows)} x {nameof(TrainOptions.Columns)}",
        var other => other,
    };
}
