namespace GenSomAttn.Model.Files;

/// <summary>A model file is damaged, foreign or cannot be read. The message says what is wrong and where.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public ModelFormatException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">What the runtime said.</param>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
