using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Runs;
using NUnit.Framework;

namespace GenSomAttn.Tests.Runs;

/// <summary>Files of the maps of epochs.</summary>
public sealed class EpochMapFileTests
{
    // Images of 3 units and 3 x 3 pixels are 27 bytes, no multiple of 4.
    private static readonly EpochMap Map = new(
        7, 1.25, [1, 2, 3, 4, 5, 6], new ImageShape(3, 1), [.. Enumerable.Range(0, 27).Select(i => (byte)(9 * i))], [2, 0]);

    [Test]
    public void Parse_WhatWasWritten_IsTheMap()
    {
        EpochMap read = EpochMapFile.Parse(EpochMapFile.ToBytes(Map), "a", units: 3);

        Assert.That((read.Epoch, read.Sigma, read.Shape), Is.EqualTo((Map.Epoch, Map.Sigma, Map.Shape)));
        Assert.That(read.Codebook, Is.EqualTo(Map.Codebook));
        Assert.That(read.Images, Is.EqualTo(Map.Images));
        Assert.That(read.Followed, Is.EqualTo(Map.Followed));
    }

    [Test]
    public void Parse_AnyChangedByteOrAnotherMap_IsRefused()
    {
        byte[] bytes = EpochMapFile.ToBytes(Map);
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            Assert.That(() => EpochMapFile.Parse(bytes, "a", units: 3), Throws.InstanceOf<TensorFileException>(), $"byte {at}");
            bytes[at] ^= 1;
        }

        Assert.That(() => EpochMapFile.Parse(bytes, "a", units: 4), Throws.InstanceOf<TensorFileException>());
    }

    [Test]
    public void InOrder_MovesTheImagesAndTheWinners()
    {
        EpochMap shown = Map.InOrder([2, 0, 1]);

        Assert.That(shown.Codebook, Is.EqualTo([5, 6, 1, 2, 3, 4]));
        Assert.That(shown.Images[..9], Is.EqualTo(Map.Images[18..]));
        Assert.That(shown.Followed, Is.EqualTo([0, 1]), "the units 2 and 0");
    }
}
