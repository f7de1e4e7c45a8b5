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
    public static string MessageOf(Exception exception) => CauseOf(exception) switch
    {
        OutOfMemoryException => "there is not enough memory: take a smaller --batch-size, --map or --limit.",
        DeviceMemoryException cause => $"{PlainMessage.Of(cause)} Take a smaller --batch-size, --map or --limit.",
        TrainingDivergedException cause => $"{PlainMessage.Of(cause)} Try a smaller --learning-rate.",
        MpiException cause => $"{PlainMessage.Of(cause)} --mpi-library names one.",
        _ when exception.GetBaseException() is NotFiniteNumberException =>
            $"{PlainMessage.Of(exception)} --allow-nonfinite reads it nevertheless.",
        var cause => PlainMessage.Of(cause),
    };

    /// <summary>Returns the exit code of an exception.</summary>
    public static int CodeOf(Exception exception) => CauseOf(exception) switch
    {
        RankFaultException rank => rank.ExitCode,
        UsageException => ExitCodes.Usage,
        DataException or FileException or TensorFileException or IOException or UnauthorizedAccessException => ExitCodes.DataOrFile,
        AcceleratorUnavailableException or MpiException => ExitCodes.Accelerator,
        _ => ExitCodes.Failed,
    };

    /// <summary>Returns the exception that parallel loops and type initializers wrap.</summary>
    private static Exception CauseOf(Exception exception) =>
        exception is (AggregateException or TypeInitializationException) and { InnerException: { } cause } ? CauseOf(cause) : exception;
}
