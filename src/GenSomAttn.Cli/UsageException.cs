using GenSomAttn.Model;

namespace GenSomAttn.Cli;

/// <summary>An option whose value is well-formed but makes no sense here.</summary>
/// <param name="message">What is wrong and what would be right.</param>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Does what checks values that came from options: there, an <see cref="ArgumentException"/> is the user's to mend.</summary>
    /// <exception cref="UsageException">A value is out of its range.</exception>
    public static T Check<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(PlainMessage.Of(exception));
        }
    }
}
