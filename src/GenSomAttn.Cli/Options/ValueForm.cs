using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;

namespace GenSomAttn.Cli.Options;

/// <summary>Reads a value from its text; false if the text has another form.</summary>
internal delegate bool TryRead<T>(string text, out T value);

/// <summary>Form of an option's value: its name in messages, its placeholder in the help, and its parser.</summary>
/// <param name="Expected">Name of the form in error messages: "a whole number".</param>
/// <param name="Placeholder">Placeholder in the help: "N".</param>
/// <param name="TryRead">Parses a value.</param>
internal sealed record ValueForm<T>(string Expected, string Placeholder, TryRead<T> TryRead)
{
    /// <summary>Creates an option with a value of this form.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">Help text with default and example.</param>
    public Option<T> CreateOption(string name, string description) => Describe(new Option<T>(name), description);

    /// <summary>Creates an option with a constant default.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">Help text without default and example.</param>
    /// <param name="defaultValue">The value where the option is not given.</param>
    /// <param name="example">A valid use: "--seed 7".</param>
    public DefaultedOption<T> CreateOption(string name, string description, T defaultValue, string example) => Describe(
        new DefaultedOption<T>(name, defaultValue), ValueForms.HelpText(description, defaultValue!, example));

    /// <summary>Creates an option whose value may be omitted; it then has the default of its type.</summary>
    public Option<T> CreateOptionOrFlag(string name, string description)
    {
        Option<T> option = CreateOption(name, description);
        option.Arity = ArgumentArity.ZeroOrOne;
        return option;
    }

    /// <summary>Creates an option that may be given several times, with a value each.</summary>
    public Option<T[]> CreateRepeatedOption(string name, string description)
    {
        return new Option<T[]>(name)
        {
            Description = description,
            HelpName = Placeholder,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => Read(token.Value, result, name))],
        };
    }

    private TOption Describe<TOption>(TOption option, string description)
        where TOption : Option<T>
    {
        option.Description = description;
        option.HelpName = Placeholder;
        option.CustomParser = result => Parse(result, option.Name);
        if (Placeholder.Contains('|', StringComparison.Ordinal))
        {
            option.CompletionSources.Clear();

            // A part in capitals stands for any value.
            option.CompletionSources.Add([.. Placeholder.Split('|').Where(word => !word.All(char.IsAsciiLetterUpper))]);
        }

        return option;
    }

    private T Parse(ArgumentResult result, string name) =>
        result.Tokens.Count == 0 ? default! : Read(result.Tokens[0].Value, result, name);

    private T Read(string text, ArgumentResult result, string name)
    {
        // The parser takes the next argument as the value even if it is an option. No valid value begins with a dash: numbers are at least
        // 0.
        bool isOption = text.StartsWith('-');
        if (!isOption && TryRead(text, out T value))
        {
            return value;
        }

        string hint = isOption && (object)this == ValueForms.Path ? $" A path that begins with a dash is given as ./{text}." : "";
        result.AddError($"{name} takes {Expected}, not '{text}'.{hint}");
        return default!;
    }
}

/// <summary>The forms of values that options take.</summary>
internal static class ValueForms
{
    /// <summary>A whole number of at least 1.</summary>
    public static readonly ValueForm<int> Count = Whole(1, int.MaxValue);

    /// <summary>A seed.</summary>
    public static readonly ValueForm<ulong> Seed = new(
        $"a whole number from 0 to {ulong.MaxValue}", "N",
        (string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    /// <summary>A finite number of at least 0.</summary>
    public static readonly ValueForm<double> Number = new(
        "a number of at least 0", "X",
        (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value) && value >= 0);

    /// <summary>A path of a file or folder; not blank.</summary>
    public static readonly ValueForm<string> Path = new("a path", "PATH", TryReadPath);

    /// <summary>Rows and columns of a map.</summary>
    public static readonly ValueForm<MapSize> MapSize = new(
        "rows and columns such as 12x12, each at least 1", "HxW", Options.MapSize.TryParse);

    /// <summary>A unit of the map.</summary>
    public static readonly ValueForm<UnitPosition> Unit = new(
        "a row and a column, counted from 0, such as 3,11", "R,C", UnitPosition.TryParse);

    /// <summary>Returns the form of one name of an enumeration, as in config.json.</summary>
    public static ValueForm<T> OneOf<T>()
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        string[] names = [.. values.Select(value => NameOf(value))];
        return new ValueForm<T>($"one of {string.Join(", ", names)}", string.Join('|', names), TryReadName);

        bool TryReadName(string text, out T value)
        {
            int index = Array.IndexOf(names, text);
            value = index < 0 ? default : values[index];
            return index >= 0;
        }
    }

    /// <summary>Returns the form of several names of an enumeration, in lower case, separated by commas.</summary>
    public static ValueForm<IReadOnlySet<T>> SomeOf<T>()
        where T : struct, Enum
    {
        ValueForm<T> one = OneOf<T>();
        return new ValueForm<IReadOnlySet<T>>($"{one.Expected}, or several with commas between them", "A,B", TryReadNames);

        bool TryReadNames(string text, out IReadOnlySet<T> values)
        {
            var found = new HashSet<T>();
            values = found;
            return Array.TrueForAll(text.Split(','), name => one.TryRead(name, out T value) && found.Add(value));
        }
    }

    /// <summary>Returns the form of a whole number in a range.</summary>
    public static ValueForm<int> Whole(int minimum, int maximum) => new(
        $"a whole number from {minimum} to {maximum}", "N",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= minimum && value <= maximum);

    /// <summary>Returns a help text that ends with default and example.</summary>
    /// <param name="description">The text before them.</param>
    /// <param name="defaultValue">A value, printed as it is typed on the command line, or words.</param>
    /// <param name="example">A valid use: "--seed 7".</param>
    public static string HelpText(string description, object defaultValue, string example)
    {
        string value = defaultValue is Enum name ? NameOf(name) : Convert.ToString(defaultValue, CultureInfo.InvariantCulture)!;
        return $"{description} Default: {value}. Example: {example}";
    }

    /// <summary>Returns the name of a value: that of its attribute, or its own in lower case.</summary>
    private static string NameOf(Enum value) =>
        value.GetType().GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? value.ToString().ToLowerInvariant();

    private static bool TryReadPath(string text, out string value)
    {
        value = text;
        return !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);
    }
}
