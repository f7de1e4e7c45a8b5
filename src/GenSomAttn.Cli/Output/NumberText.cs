using System.Globalization;

namespace GenSomAttn.Cli.Output;

/// <summary>Measured numbers as texts.</summary>
internal static class NumberText
{
    /// <summary>Milliseconds, from microseconds.</summary>
    public static string Milliseconds(double microseconds) => Number(microseconds / 1e3, "0.000");

    /// <summary>A share in percent; nothing where there is none.</summary>
    public static string Percent(double? share) => Number(share * 100, "0.0");

    /// <summary>A number; nothing where there is none.</summary>
    public static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
