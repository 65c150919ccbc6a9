using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

/// <summary>pairs.awk decides alone which spare member follows which master.</summary>
public sealed class PairsTests
{
    [Theory]
    [InlineData("awk")]
    [InlineData("busybox")]
    public async Task SpareMembersFollowMastersOnOtherNodes(string awk) => Assert.Equal(
        ["d b", "e a", "f c"],
        await PairsAsync(
            awk, 1, "a 0 master - 5461 n1", "b 1 master - 5461 n2", "c 2 master - 5462 n3", "d 3 master - 0 n1",
            "e 4 master - 0 n3", "f 5 master - 0 n2"));

    [Theory]
    [InlineData("awk")]
    [InlineData("busybox")]
    public async Task PairsOnOneNodeAreSwappedApart(string awk) => Assert.Equal(
        ["d c", "e a", "f b"],
        await PairsAsync(
            awk, 1, "a 0 master - 5461 n0", "b 1 master - 5461 n1", "c 2 master - 5462 n2", "d 3 master - 0 n0",
            "e 4 master - 0 n1", "f 5 master - 0 n2"));

    [Fact]
    public async Task OneNodeIsBetterThanNoReplica() => Assert.Equal(
        ["b a"],
        await PairsAsync("awk", 1, "a 0 master - 16384 n0", "b 1 master - 0 n0"));

    [Fact]
    public async Task ReplicaTooManyMovesToTheMasterThatHasNone() => Assert.Equal(
        ["d b"],
        await PairsAsync("awk", 1, "a 0 master - 8192 n0", "b 1 master - 8192 n1", "c 2 slave a 0 n2", "d 3 slave a 0 n2"));

    [Fact]
    public async Task MasterToBeWithAReplicaOfItsOwnIsNotSpare() => Assert.Empty(
        await PairsAsync("awk", 1, "a 0 master - 16384 n0", "b 1 master - 0 n1", "c 2 slave b 0 n2"));

    // In: id ordinal flags master slots node; the address and the link do not matter here.
    private static async Task<string[]> PairsAsync(string awk, int wanted, params string[] members)
    {
        Assert.SkipUnless(Tools.Exists(awk), $"{awk} is not on PATH.");
        var input = string.Concat(
            members.Select(m => m.Split(' ')).Select(f => $"{f[0]} 10.0.0.1 {f[1]} {f[2]} {f[3]} connected {f[4]} {f[5]}\n"));
        string[] command = [.. awk == "busybox"
            ? ["busybox", "awk"]
            : (string[])["awk"], "-v", $"wanted={wanted}", "-f", Path.Combine(Shell.Assets, "pairs.awk")];
        var (exitCode, output) = await Shell.RunAsync(
            new Dictionary<string, string>(), input, TestContext.Current.CancellationToken, command);
        Assert.Equal(0, exitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
