namespace GenSomAttn.Formats;

/// <summary>A file of tensors is damaged, of another format or cannot be read.</summary>
/// <param name="message">The file, the fault and the remedy.</param>
/// <param name="innerException">Exception of the runtime.</param>
public sealed class TensorFileException(string message, Exception? innerException = null) : Exception(message, innerException);
