using GenSomAttn.Formats;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Execution;

/// <summary>An option whose value is well-formed but not valid here.</summary>
/// <param name="message">The error and its remedy.</param>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>
    /// Runs code that validates option values, and turns its <see cref="ArgumentException"/> into a <see cref="UsageException"/>.
    /// </summary>
    /// <exception cref="UsageException">A value is out of its range.</exception>
    public static void Check(Action validate) => Check(() =>
    {
        validate();
        return true;
    });

    /// <inheritdoc cref="Check(Action)"/>
    public static T Check<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(
                exception is SettingException setting ? setting.MessageWith(OptionOf) : PlainMessage.Of(exception));
        }
    }

    /// <summary>Returns the option of a setting, which has the same name: --learning-rate for learning_rate.</summary>
    private static string OptionOf(SettingName setting) => $"--{setting.ToString().Replace('_', '-')}";
}
