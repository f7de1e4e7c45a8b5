using System.CommandLine;

namespace GenSomAttn.Cli.Options;

/// <summary>An option with a constant default, which the end of its help text names.</summary>
/// <param name="name">With its dashes.</param>
/// <param name="defaultValue">The value where the option is not given.</param>
internal sealed class DefaultedOption<T>(string name, T defaultValue) : Option<T>(name)
{
    /// <summary>The value where the option is not given.</summary>
    public T Default { get; } = defaultValue;
}
