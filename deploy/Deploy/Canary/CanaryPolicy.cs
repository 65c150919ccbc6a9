using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Canary;

/// <summary>
/// How the deployer of an environment tries a changed image before it applies it: the file <c>canary.yaml</c> of the overlay.
/// </summary>
/// <param name="Weight">Part of the pods that are the candidate's, in percent.</param>
/// <param name="LookEvery">Time between two looks.</param>
/// <param name="AppliesInconclusive">A candidate about which too little could be measured is applied all the same.</param>
internal sealed record CanaryPolicy(int Weight, TimeSpan JudgeFor, TimeSpan LookEvery, bool AppliesInconclusive)
{
    public const string FileName = "canary.yaml";

    private const string WhenInconclusive = "whenInconclusive";

    /// <summary>Text of the file.</summary>
    public string Write() => Layout.GeneratedHeader + YamlWriter.ToText(new YamlMap().Add("weight", YamlScalar.Of(Weight))
        .Add("judgeForSeconds", YamlScalar.Of((long)JudgeFor.TotalSeconds))
        .Add("lookEverySeconds", YamlScalar.Of((long)LookEvery.TotalSeconds))
        .Add(WhenInconclusive, AppliesInconclusive ? "apply" : "abort"));

    /// <summary>Reads the file of an environment; null: there is none.</summary>
    /// <exception cref="DeployException">The file is not what publish writes.</exception>
    public static CanaryPolicy? Read(string repository, string environment)
    {
        var path = Path.Combine(repository, "k8s", Layout.Overlay(environment), FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var map = YamlReader.ReadAll(File.ReadAllText(path)).OfType<YamlMap>().FirstOrDefault();
        return map?.NumberAt("weight") is > 0 and < 100 and var weight && map.NumberAt("judgeForSeconds") is > 0 and var judgeFor
            && map.NumberAt("lookEverySeconds") is > 0 and var every
            ? new((int)weight, TimeSpan.FromSeconds(judgeFor), TimeSpan.FromSeconds(every), map.Text(WhenInconclusive) == "apply")
            : throw new DeployException(
                $"{Layout.Overlay(environment)}/{FileName} isn't what publish writes. Run `publish` and commit the result.");
    }
}
