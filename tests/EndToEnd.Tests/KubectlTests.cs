using System.Text.RegularExpressions;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>
/// Plain <c>kubectl apply</c> before and after <c>apply</c>. kubectl is the other party here; without it these are skipped.
/// </summary>
public sealed partial class KubectlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--server-side")]
    [InlineData("--server-side=false")]
    public async Task AnApplyAfterKubectlTakesItsPlace(string side)
    {
        await using var environment = await CreateAsync();
        await ApplyAsync(environment, side, await RenderAsync(environment, "one", "two"));

        var first = (await environment.RunAsync("apply", "--Test:Services", "one")).Succeeded();

        Assert.Contains(
            "deployment.apps/one: was applied with kubectl, and is ours from now on", first, StringComparison.Ordinal);
        Assert.Equal(["monorepo"], await ApplyingAsync(environment));
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", (await environment.RunAsync("apply", "--Test:Services", "one"))
            .Succeeded(), StringComparison.Ordinal);
        Assert.Equal(0, (await environment.RunAsync("diff", "--Test:Services", "one")).ExitCode);

        // What is no longer wanted goes, as it would have gone with kubectl.
        (await environment.RunAsync("apply", "--Test:Services", "one", "--Test:Setting:one", "1")).Succeeded();
        Assert.Contains(" 0 deleted, ", (await environment.RunAsync("apply", "--Test:Services", "one"))
            .Succeeded(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--server-side")]
    [InlineData("--server-side=false")]
    public async Task KubectlAfterAnApplyChangesNothingAndTheNextApplyNeither(string side)
    {
        await using var environment = await CreateAsync();
        (await environment.RunAsync("apply", "--Test:Services", "one")).Succeeded();
        var before = await environment.SpecsAsync();

        await ApplyAsync(environment, side, await RenderAsync(environment, "one"));
        Assert.Equal(before, await environment.SpecsAsync());
        (await environment.RunAsync("apply", "--Test:Services", "one")).Succeeded();

        Assert.Equal(before, await environment.SpecsAsync());
        Assert.Equal(["monorepo"], await ApplyingAsync(environment));
    }

    private static Task<PersonalEnvironment> CreateAsync()
    {
        Assert.SkipUnless(Tools.Exists("kubectl"), "kubectl isn't on the PATH; these tests also apply with it.");
        return PersonalEnvironment.CreateAsync("tests/DeployedAppHost");
    }

    /// <summary>Who applies the Deployment, by its managed fields.</summary>
    private static async Task<IEnumerable<string>> ApplyingAsync(PersonalEnvironment environment)
    {
        var found = await environment.Cluster.GetAsync(
            ObjectQuery.Of(new ObjectKey("apps", "Deployment", "one")) with { ManagedFields = true }, Token);
        return found[0].ItemsAt("metadata", "managedFields").Where(m =>
            m.Text("operation") == "Apply" || m.Text("manager") == "kubectl-client-side-apply").Select(m => m.Text("manager")!);
    }

    /// <summary>The manifests with the images that are built.</summary>
    private static async Task<string> RenderAsync(PersonalEnvironment environment, params string[] services)
    {
        var text = (await environment.RunAsync("render", "--unpinned", "--Test:Services", string.Join(',', services)))
            .Succeeded();
        var live = (await environment.GetAsync("Deployment.apps")).SelectMany(
            d => d.ItemsAt("spec", "template", "spec", "containers")).ToDictionary(c => c.Text("name")!, c => c.Text("image")!);
        return Image().Replace(text, m => live.TryGetValue(m.Groups[2].Value, out var image) ? $"image: {image}" : m.Value);
    }

    private static async Task ApplyAsync(PersonalEnvironment environment, string side, string manifests)
    {
        var run = await ProgramRun.RunAsync(
            new("kubectl", [
                "--context", environment.Context, "--namespace", environment.Namespace, "apply", side, "--filename", "-",
            ]), Token, manifests);
        run.Succeeded();
    }

    [GeneratedRegex("image: (\\S*/)?(\\w+)$", RegexOptions.Multiline)]
    private static partial Regex Image();
}
