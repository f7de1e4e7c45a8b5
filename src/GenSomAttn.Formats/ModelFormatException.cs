namespace GenSomAttn.Formats;

/// <summary>A file of tensors is damaged, of another format or cannot be read. The message names the file and the fault.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public ModelFormatException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The fault, its place and the remedy.</param>
    /// <param name="innerException">Exception of the runtime.</param>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
