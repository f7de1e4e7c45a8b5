using System.Text.RegularExpressions;

namespace GenSomAttn.Model;

/// <summary>Messages of exceptions as a user should read them: without the name of a parameter, which .NET writes behind them.</summary>
public static partial class PlainMessage
{
    /// <summary>The message of an exception.</summary>
    public static string Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Of(exception.Message);
    }

    /// <summary>A text that may hold such a message.</summary>
    public static string Of(string message) => BehindTheMessage().Replace(message, "");

    /// <summary>" (Parameter 'name')", and behind that a line "Actual value was 7."</summary>
    [GeneratedRegex(@" ?\(Parameter '[^']*'\)(\r?\nActual value was [^\r\n]*?\.(?=\s|$))?")]
    private static partial Regex BehindTheMessage();
}
