namespace GenSomAttn.Formats;

/// <summary>A file of tensors is damaged, of another format or cannot be read. The message names the file and the fault.</summary>
public sealed class TensorFileException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public TensorFileException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    public TensorFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    /// <param name="innerException">Exception of the runtime.</param>
    public TensorFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
