namespace GenSomAttn.Cli;

/// <summary>An option whose value is well-formed but makes no sense here.</summary>
/// <param name="message">What is wrong and what would be right.</param>
internal sealed class UsageException(string message) : Exception(message);
