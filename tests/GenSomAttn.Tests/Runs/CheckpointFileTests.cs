using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Runs;

/// <summary>Checkpoints round-trip exactly, have fixed bytes, and are refused if a single byte differs.</summary>
public sealed class CheckpointFileTests
{
    [Test]
    public void Load_WhatWasSaved_GivesTheSame()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.safetensors");
        Checkpoint saved = TinyCheckpoint.Make();
        AtomicFiles.OnDisk.Write(path, CheckpointFile.ToBytes(saved));

        Checkpoint loaded = CheckpointFile.Load(path);

        Assert.That(loaded.Settings, Is.EqualTo(saved.Settings));
        Assert.That((loaded.Shape, loaded.Step, loaded.Epoch, loaded.DatasetSha256),
            Is.EqualTo((saved.Shape, saved.Step, saved.Epoch, saved.DatasetSha256)));
        NamedTensor codebook = loaded.Tensors.Single(tensor => tensor.Name == "som.codebook");
        Assert.That(codebook.Shape, Is.EqualTo(saved.Tensors[0].Shape));
        Assert.That(codebook.Values, Is.EqualTo(saved.Tensors[0].Values));
        Assert.That(loaded.Tensors, Has.Count.EqualTo(2));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1), "nothing temporary is left");
    }

    [Test]
    public void Load_ColorAndThreeStages_GivesTheSame()
    {
        Checkpoint gray = TinyCheckpoint.Make();
        Checkpoint saved = gray with { Shape = new(40, 3), Settings = gray.Settings with { Channels = 3, Stages = 3 } };
        byte[] bytes = CheckpointFile.ToBytes(saved);

        Checkpoint loaded = CheckpointFile.Parse(bytes, "a");

        Assert.That((loaded.Shape, loaded.Settings), Is.EqualTo((saved.Shape, saved.Settings)));
        Assert.That(Encoding.UTF8.GetString(bytes), Does.Contain("\"channels\":\"3\"").And.Contain("\"stages\":\"3\""));
    }

    [Test]
    public void ToBytes_GrayAndTwoStages_HasNoKeysForThem() =>
        Assert.That(
            Encoding.UTF8.GetString(CheckpointFile.ToBytes(TinyCheckpoint.Make())), Does.Not.Contain("channels").And.Not.Contain("stages"));

    [Test]
    public void ToBytes_TinyCheckpoint_IsFixed()
    {
        byte[] bytes = CheckpointFile.ToBytes(TinyCheckpoint.Make());

        string header = Encoding.UTF8.GetString(bytes.AsSpan(8, bytes.Length - 8 - (13 * 4)));
        Assert.That(header, Does.StartWith("""
            {"__metadata__":{"classes":"10","dataset_sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","epoch":"2",
            """.Trim()));
        Assert.That(header, Does.Contain("""
            \"map_height\":3,\"map_width\":2,\"attention\":\"latent\",
            """.Trim()));
        // This hash changes with every intended change of the format or the settings.
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Is.EqualTo("d8c99eed0e2db69e3b1316f860fdf219ac4ebf4df95a166fcc746490adc82a58"));
    }

    [Test]
    public void ToBytes_NotFinite_IsRefused([Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float value)
    {
        Assert.That(() => CheckpointFile.ToBytes(TinyCheckpoint.Make(21, value)),
            Throws.TypeOf<FileException>().With.Message.Contains("som.codebook"));
    }

    [TestCase("\"step\":\"20\"", "\"step\":\"-2\"")]
    [TestCase("\"step\":\"20\"", "\"step\":\" 2\"")]
    [TestCase("\"side\":\"28\"", "\"side\":\"2.\"")]
    [TestCase("\"side\":\"28\"", "\"sidf\":\"28\"")]
    [TestCase("\"format_version\":\"2\"", "\"format_version\":\"3\"")]
    [TestCase("\"format_version\":\"2\"", "\"format_version\":\"1\"")]
    [TestCase("\\\"epochs\\\":20", "\\\"epocks\\\":20")]
    [TestCase("\\\"epochs\\\":20", "\\\"epochs\\\":[]")]
    [TestCase("\\\"epochs\\\":20", "\\\"latent\\\":20")]
    [TestCase("\\\"epochs\\\":20", "\\\"epochs\\\":-1")]
    [TestCase("\\\"attention\\\":\\\"latent\\\"", "\\\"attention\\\":\\\"lateno\\\"")]
    [TestCase("\"loss_sum\":\"0.30000000000000004\"", "\"loss_sum\":\"1e99900000000000000\"")]
    [TestCase("\"F32\"", "\"I32\"")]
    public void Parse_ForgedWithAFittingHash_IsRefused(string text, string replacement)
    {
        byte[] bytes = CheckpointFile.ToBytes(TinyCheckpoint.Make());
        string content = Encoding.Latin1.GetString(bytes);
        Assert.That(content, Does.Contain(text), "the test forges what is there");

        byte[] forged = Repairs.Sign(Encoding.Latin1.GetBytes(content.Replace(text, replacement, StringComparison.Ordinal)));
        AssertRefused(forged, replacement);
    }

    [Test]
    public void Parse_NotFiniteWithAFittingHash_IsRefused()
    {
        byte[] bytes = CheckpointFile.ToBytes(TinyCheckpoint.Make());
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), float.NaN);

        byte[] forged = Repairs.Sign(bytes);
        Assert.That(() => CheckpointFile.Parse(forged, "x"), Throws.TypeOf<TensorFileException>().With.Message.Contains("not finite"));
    }

    [Test]
    public void Sign_TheSameContent_IsAccepted()
    {
        // Guards the tests above: they could pass because the hash is wrong anyway.
        byte[] bytes = CheckpointFile.ToBytes(TinyCheckpoint.Make());
        Assert.That(Repairs.Sign(bytes), Is.EqualTo(bytes));
    }

    [Test]
    public void Load_ForeignSafetensors_IsRefused()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("foreign.safetensors");
        File.WriteAllBytes(path, SafetensorsFile.ToBytes(new Dictionary<string, string>(), [SafetensorsTensor.Of("a", [1], [1f])]));

        Assert.That(() => CheckpointFile.Load(path), Throws.TypeOf<TensorFileException>().With.Message.Contains(path));
        Assert.That(() => CheckpointFile.Load(folder.File("absent")), Throws.TypeOf<TensorFileException>());
    }

    private static void AssertRefused(byte[] bytes, string how) =>
        Assert.That(() => CheckpointFile.Parse(bytes, "x"), Throws.TypeOf<TensorFileException>(), how);
}
