using System.Globalization;

namespace GenSomAttn.Cli.Output;

/// <summary>How much of a known number the verb has done, for the lines of <see cref="WorkingTime"/>.</summary>
internal static class WorkDone
{
    private static volatile string _text = "";

    /// <summary>The share in words, after a comma; empty if no number is known.</summary>
    public static string Text => _text;

    /// <summary>Notes how many training images are encoded.</summary>
    public static void Encoded(int done, int total) => Set("training images encoded", done, total);

    /// <summary>Notes how much is done.</summary>
    /// <param name="what">The things that are counted: "images".</param>
    /// <param name="done">Number of those that are done.</param>
    /// <param name="total">Their number.</param>
    public static void Set(string what, long done, long total) =>
        _text = string.Create(CultureInfo.InvariantCulture, $", {done} of {total} {what} ({100 * done / Math.Max(1, total)} %)");
}
