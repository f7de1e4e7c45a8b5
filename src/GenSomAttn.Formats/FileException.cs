namespace GenSomAttn.Formats;

/// <summary>A file or folder cannot be found, read or written.</summary>
/// <param name="message">The file, the cause and the remedy.</param>
/// <param name="innerException">Exception of the runtime.</param>
public sealed class FileException(string message, Exception? innerException = null) : Exception(message, innerException);
