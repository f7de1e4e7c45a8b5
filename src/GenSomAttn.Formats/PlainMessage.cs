using System.Text.RegularExpressions;

namespace GenSomAttn.Formats;

/// <summary>Messages of exceptions for users, without the suffix with the parameter's name that .NET appends.</summary>
public static partial class PlainMessage
{
    /// <summary>Returns the message of an exception without the suffix.</summary>
    public static string Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Of(exception.Message);
    }

    /// <summary>Removes the suffix from a text.</summary>
    public static string Of(string message) => BehindTheMessage().Replace(message, "");

    /// <summary>Matches " (Parameter 'name')", and a following line "Actual value was 7."</summary>
    [GeneratedRegex(@" ?\(Parameter '[^']*'\)(\r?\nActual value was [^\r\n]*?\.(?=\s|$))?")]
    private static partial Regex BehindTheMessage();
}
