using System.CommandLine;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Cli.Options;

/// <summary>Declaration of options and reading of their values.</summary>
internal static class OptionExtensions
{
    /// <summary>Adds an option to a verb and returns it; the help lists options in this order.</summary>
    public static TOption Declare<TOption>(this Command verb, TOption option)
        where TOption : Option
    {
        verb.Add(option);
        return option;
    }

    /// <summary>Adds an argument to a verb and returns it.</summary>
    public static Argument<T> Declare<T>(this Command verb, Argument<T> argument)
    {
        verb.Add(argument);
        return argument;
    }

    /// <summary>Returns the option's value, or its default.</summary>
    public static T Get<T>(this ParseResult parse, DefaultedOption<T> option) =>
        parse.GetResult(option) is null ? option.Default : parse.GetRequiredValue(option);

    /// <summary>Returns the option's value; null if it was not given.</summary>
    public static T? Given<T>(this ParseResult parse, Option<T> option)
        where T : struct => parse.GetResult(option) is null ? null : parse.GetValue(option);

    /// <summary>Returns the paths of --data; null if it was not given.</summary>
    public static DataPaths? Given(this ParseResult parse, Option<string[]> option) =>
        parse.GetResult(option) is null ? null : new DataPaths(parse.GetRequiredValue(option));
}
