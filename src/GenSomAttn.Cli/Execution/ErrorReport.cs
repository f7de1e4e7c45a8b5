using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Formats;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Execution;

/// <summary>Maps exceptions to a message on stderr and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Writes one or two lines, with <paramref name="verbose"/> the stack trace too, and returns the exit code.</summary>
    public static int Write(Exception exception, bool verbose, TextWriter error)
    {
        int code = CodeOf(exception);
        error.WriteLine($"error: {MessageOf(exception)}");
        if (verbose)
        {
            error.WriteLine(exception);
        }
        else if (code == ExitCodes.Failed)
        {
            error.WriteLine("Run again with --verbose for the stack trace.");
        }

        return code;
    }

    /// <summary>Returns the message of an exception, with the options that help.</summary>
    public static string MessageOf(Exception exception) => exception switch
    {
        OutOfMemoryException => "there is not enough memory: take a smaller --batch-size, --map or --limit.",
        DeviceMemoryException => $"{PlainMessage.Of(exception)} Take a smaller --batch-size, --map or --limit.",
        TrainingDivergedException => $"{PlainMessage.Of(exception)} Try a smaller --learning-rate.",
        MpiException => $"{PlainMessage.Of(exception)} --mpi-library names one.",
        _ when exception.GetBaseException() is NotFiniteNumberException =>
            $"{PlainMessage.Of(exception)} --allow-nonfinite reads it nevertheless.",
        _ => PlainMessage.Of(exception),
    };

    /// <summary>Returns the exit code of an exception.</summary>
    public static int CodeOf(Exception exception) => exception switch
    {
        RankFaultException rank => rank.ExitCode,
        UsageException => ExitCodes.Usage,
        DataException or FileException or TensorFileException or IOException or UnauthorizedAccessException => ExitCodes.DataOrFile,
        AcceleratorUnavailableException or MpiException => ExitCodes.Accelerator,
        _ => ExitCodes.Failed,
    };
}
