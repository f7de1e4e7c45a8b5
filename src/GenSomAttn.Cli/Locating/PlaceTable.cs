using System.Globalization;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Cli.Locating;

/// <summary>Table of the images that fit a map least.</summary>
internal static class PlaceTable
{
    /// <summary>Prints a line for each image.</summary>
    public static void Print(IReadOnlyList<LocatedImage> images)
    {
        var table = new TextTable(
            1, [.. TextTable.Texts("image", "label"), .. TextTable.Numbers("unit", "distance", "percentile", "mse_e", "mse_q")]);
        foreach (LocatedImage image in images)
        {
            table.Add(
                NameOf(image),
                image.Label ?? "",
                string.Create(CultureInfo.InvariantCulture, $"{image.Row},{image.Column}"),
                NumberText.Number(image.Distance, "0.0000"),
                NumberText.Number(image.Percentile, "0.00"),
                NumberText.Number(image.MseE, "0.00000"),
                NumberText.Number(image.MseQ, "0.00000"));
        }

        table.Print();
    }

    private static string NameOf(LocatedImage image) => image.File
        ?? string.Create(CultureInfo.InvariantCulture, $"{image.Set} {image.Index}");
}
