namespace GenSomAttn.Model.Data;

/// <summary>A data file is missing, damaged or not what a training can use. The message names the file and says what is wrong.</summary>
public sealed class DataException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public DataException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">What the runtime said.</param>
    public DataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
