using System.Globalization;

namespace GenSomAttn.Cli.Output;

/// <summary>Formatting of measured numbers.</summary>
internal static class NumberText
{
    /// <summary>Formats microseconds as milliseconds.</summary>
    public static string Milliseconds(double microseconds) => Number(microseconds / 1e3, "0.000");

    /// <summary>Formats a share in percent; empty for null.</summary>
    public static string Percent(double? share) => Number(share * 100, "0.0");

    /// <summary>Formats a number; empty for null.</summary>
    public static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
