using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Atlas;

/// <summary>
/// The atlas of a trained map: one HTML file with the networks, the codebook and real pictures within, which opens without a network. Its
/// sources are in the folder Page. A content security policy permits no connection, and only this style and this script by their hashes.
/// </summary>
public static class AtlasPage
{
    // In this order the script is put together; a later file uses earlier ones.
    private static readonly string[] Scripts =
    [
        "data.js", "network.js", "map.js", "random.js", "sampler.js", "layers.js", "canvas.js", "cells.js", "arrows.js", "view.js",
        "input.js", "pictures.js", "panels.js", "point.js", "generate.js", "gif.js", "paths.js", "own.js", "share.js", "time.js", "main.js",
    ];

    // Without an encoder of its own the serializer escapes <, >, &, quotes and everything beyond ASCII: no text can end the block.
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Builds the page of a model alone, without images: what a training shows of each epoch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">What the page says about the run.</param>
    /// <returns>The HTML file, in UTF-8.</returns>
    public static byte[] Build(SomAttnModel model, AtlasRun run)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(run);
        return Build(AtlasData.Of(model, run));
    }

    /// <summary>Builds the page with the pictures of a data set and the numbers of its images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">What the page says about the run.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="ofAll">Whether to take all images of a set of more than 100,000; with a part, the page has no density sampler.</param>
    /// <param name="progress">As of <see cref="CodedImages.Of"/>, of the training images.</param>
    /// <returns>The HTML file, in UTF-8.</returns>
    public static byte[] Build(SomAttnModel model, AtlasRun run, Dataset dataset, bool ofAll, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        return Build(AtlasData.Of(model, run).With(model, dataset, run.Maps, ofAll, progress));
    }

    private static byte[] Build(AtlasData data)
    {
        string style = Source("atlas.css");
        string script = "\"use strict\";\n(() => {\n" + string.Concat(Scripts.Select(Source)) + "})();\n";
        string policy = $"default-src 'none'; img-src data: blob:; style-src '{Hash(style)}'; script-src '{Hash(script)}'; "
            + "base-uri 'none'; form-action 'none'";
        string page = Source("atlas.html");
        (string Mark, Action<Stream> Write)[] parts =
        [
            ("<!--policy-->", stream => stream.Write(Encoding.UTF8.GetBytes(policy))),
            ("<!--style-->", stream => stream.Write(Encoding.UTF8.GetBytes(style))),
            ("<!--data-->", stream => JsonSerializer.Serialize(stream, data, Json)),
            ("<!--script-->", stream => stream.Write(Encoding.UTF8.GetBytes(script))),
        ];

        // As a text the page would take twice the memory, and several times: a training writes it after each epoch.
        using MemoryStream content = new();
        int at = 0;
        foreach ((string mark, Action<Stream> write) in parts)
        {
            int next = page.IndexOf(mark, at, StringComparison.Ordinal);
            content.Write(Encoding.UTF8.GetBytes(page[at..next]));
            write(content);
            at = next + mark.Length;
        }

        content.Write(Encoding.UTF8.GetBytes(page[at..]));
        content.Write(LastLine(content.GetBuffer().AsSpan(0, (int)content.Length)));
        return content.ToArray();
    }

    /// <summary>Checks a page against the SHA-256 in its last line.</summary>
    /// <exception cref="FileException">The page was changed.</exception>
    public static void Check(ReadOnlySpan<byte> page)
    {
        int length = LastLine([]).Length;
        if (page.Length < length || !page[^length..].SequenceEqual(LastLine(page[..^length])))
        {
            throw new FileException("it was changed: its content does not fit the SHA-256 in its last line.");
        }
    }

    private static byte[] LastLine(ReadOnlySpan<byte> content) =>
        Encoding.ASCII.GetBytes($"<!--sha256 {Convert.ToHexStringLower(SHA256.HashData(content))}-->\n");

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>Reads a file of the page; with line feeds alone, because a browser hashes the text so.</summary>
    private static string Source(string name)
    {
        using Stream stream = typeof(AtlasPage).Assembly.GetManifestResourceStream($"atlas/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
