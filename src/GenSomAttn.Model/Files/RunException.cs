namespace GenSomAttn.Model.Files;

/// <summary>A run directory, or a file in it, cannot be found, read or written. The message says which, why and what to do.</summary>
public sealed class RunException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public RunException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public RunException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">What the runtime said.</param>
    public RunException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
