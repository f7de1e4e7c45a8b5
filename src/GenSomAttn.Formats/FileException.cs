namespace GenSomAttn.Formats;

/// <summary>A file or folder cannot be found, read or written. The message names it, the cause and the remedy.</summary>
public sealed class FileException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public FileException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    public FileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    /// <param name="innerException">Exception of the runtime.</param>
    public FileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
