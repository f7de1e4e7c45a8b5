using System.Collections.Concurrent;
using GenSomAttn.Engine.Collectives;
using NUnit.Framework;

namespace GenSomAttn.Tests.Collectives;

/// <summary>Collective operations between threads: every rank has the result, and sums have the bits of the tree in one process.</summary>
public sealed class CollectiveTests
{
    [Test]
    public void TreeSum_AnyNumberOfRanks_HasTheBitsOfTheTreeOverShards(
        [Values(1, 2, 4, 8)] int ranks, [Values(1, 7, 33, 1025)] int length)
    {
        const int Shards = 8, Slot = 3;
        float[][] shards = [.. Enumerable.Range(0, Shards).Select(shard => Values(shard, length))];
        float[] expected = Tree(shards, 0, Shards);
        var sums = new ConcurrentBag<float[]>();
        var slots = new ConcurrentBag<float[]>();

        InProcessRanks.Run(ranks, group =>
        {
            float[] values = Tree(shards, group.Rank * Shards / ranks, Shards / ranks);
            float[] all = new float[ranks * Slot];
            all.AsSpan(group.Rank * Slot, Slot).Fill(group.Rank == 1 ? -0f : group.Rank + 1);
            new TreeSum(group, length, Slot).Run(values, all);
            sums.Add(values);
            slots.Add(all);
        });

        float[] expectedSlots =
            [.. Enumerable.Range(0, ranks).SelectMany(rank => Enumerable.Repeat(rank == 1 ? -0f : rank + 1, Slot))];
        Assert.That(sums, Has.Count.EqualTo(ranks));
        Assert.That(sums.Select(Bits), Has.All.EqualTo(Bits(expected)));
        Assert.That(slots.Select(Bits), Has.All.EqualTo(Bits(expectedSlots)));

        // The order matters for these values: otherwise the test would not see another tree.
        Assert.That(Bits(Sequential(shards)), length < 33 ? Is.Not.Empty : Is.Not.EqualTo(Bits(expected)));
    }

    [Test]
    public void AllGatherLists_DifferentLengths_ReturnsTheListOfEachRank([Values(1, 2, 8)] int ranks)
    {
        var results = new ConcurrentBag<IReadOnlyList<byte[]>>();

        InProcessRanks.Run(ranks, group =>
            results.Add(group.AllGatherLists([.. Enumerable.Repeat((byte)(group.Rank + 1), 3 * group.Rank)])));

        Assert.That(results, Has.Count.EqualTo(ranks));
        foreach (IReadOnlyList<byte[]> lists in results)
        {
            for (int rank = 0; rank < ranks; rank++)
            {
                Assert.That(lists[rank], Is.EqualTo(Enumerable.Repeat((byte)(rank + 1), 3 * rank)));
            }
        }
    }

    [Test]
    public void AnyAndBroadcast_EightRanks_AgreeOnAll()
    {
        var any = new ConcurrentBag<(bool, bool)>();
        var values = new ConcurrentBag<float>();

        InProcessRanks.Run(8, group =>
        {
            any.Add((group.Any(group.Rank == 5), group.Any(false)));
            float[] own = [group.Rank + 7f];
            group.Broadcast(own);
            values.Add(own[0]);
        });

        Assert.That(any, Is.EqualTo(Enumerable.Repeat((true, false), 8)));
        Assert.That(values, Is.EqualTo(Enumerable.Repeat(7f, 8)));
    }

    [Test]
    public void Run_OneRankThrows_EndsTheOthersAndThrowsThat()
    {
        Assert.That(
            () => InProcessRanks.Run(4, group =>
            {
                if (group.Rank == 2)
                {
                    throw new NotSupportedException("rank 2");
                }

                group.Any(true);
            }),
            Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void TreeSum_ThreeRanks_IsRefused() =>
        Assert.That(
            () => InProcessRanks.Run(3, group => _ = new TreeSum(group, 4, 1)),
            Throws.ArgumentException.With.Message.Contains("power of two"));

    private static float[] Values(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4))))];
    }

    private static float[] Tree(float[][] shards, int first, int count) => count == 1
        ? [.. shards[first]]
        : [.. Tree(shards, first, count / 2).Zip(Tree(shards, first + (count / 2), count / 2), (left, right) => left + right)];

    private static float[] Sequential(float[][] shards) =>
        shards.Aggregate((sum, shard) => [.. sum.Zip(shard, (left, right) => left + right)]);

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
