namespace GenSomAttn.Formats;

/// <summary>Data are missing, damaged or of another format.</summary>
/// <param name="message">The file, the fault and the remedy.</param>
/// <param name="innerException">Exception of the runtime.</param>
public sealed class DataException(string message, Exception? innerException = null) : Exception(message, innerException);
