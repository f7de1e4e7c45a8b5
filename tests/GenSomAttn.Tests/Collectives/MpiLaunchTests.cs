using GenSomAttn.Engine.Collectives;
using NUnit.Framework;

namespace GenSomAttn.Tests.Collectives;

/// <summary>How a launcher started the process, from its environment, and the library that belongs to it.</summary>
public sealed class MpiLaunchTests
{
    [TestCase("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4", 2, 4, true)]
    [TestCase("PMI_RANK=0 PMI_SIZE=2", 0, 2, false)]
    [TestCase("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=8", 1, 8, true)]
    [TestCase("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=8 PMI_RANK=1 PMI_SIZE=8", 1, 8, false)]
    public void From_VariablesOfALauncher_GivesRankAndSize(string variables, int rank, int size, bool isOpenMpi) =>
        Assert.That(Launch(variables), Is.EqualTo(new MpiLaunch(rank, size, isOpenMpi)));

    [TestCase("")]
    [TestCase("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=1")]
    [TestCase("OMPI_COMM_WORLD_RANK=0")]
    [TestCase("PMI_RANK=4 PMI_SIZE=4")]
    [TestCase("PMI_RANK=-1 PMI_SIZE=4")]
    [TestCase("SLURM_PROCID=0 SLURM_NTASKS=8", Description = "a batch script, which is one process")]
    public void From_OneProcess_IsNull(string variables) => Assert.That(Launch(variables), Is.Null);

    [Test]
    public void Start_NoSuchLibrary_NamesWhatWasTriedAndThePackages() => Assert.That(
        () => MpiCommunicator.Start(null, "/nowhere/libmpi.so"),
        Throws.TypeOf<MpiException>().With.Message.Contains("/nowhere/libmpi.so")
            .And.Message.Contains("openmpi-bin").And.Message.Contains("mpich"));

    private static MpiLaunch? Launch(string variables)
    {
        Dictionary<string, string> values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return MpiLaunch.From(values.GetValueOrDefault);
    }
}
