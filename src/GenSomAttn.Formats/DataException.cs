namespace GenSomAttn.Formats;

/// <summary>A data file is missing, damaged or unusable for a training. The message names the file and the fault.</summary>
public sealed class DataException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public DataException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    /// <param name="innerException">Exception of the runtime.</param>
    public DataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
