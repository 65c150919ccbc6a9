using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Pipelines;
using MonoRepo.Hosting.Kubernetes.Pipeline;

namespace MonoRepo.Hosting;

/// <summary>
/// The compute environment that a graph is published to: a kustomize base and an overlay for each deployment environment. There
/// is one in a graph; the deployment environments are plain data inside it.
/// </summary>
public sealed class KustomizeEnvironmentResource : Resource, IComputeEnvironmentResource
{
    /// <summary>Creates the compute environment, and the steps of Aspire's pipeline that publish and deploy to it.</summary>
    /// <param name="name">Its name, which is also the folder beside the AppHost's that is published to.</param>
    public KustomizeEnvironmentResource(string name)
        : base(name)
    {
        Annotations.Add(new PipelineStepAnnotation(KustomizePipeline.CreateSteps));
        Annotations.Add(new PipelineConfigurationAnnotation(KustomizePipeline.Configure));
    }

    /// <summary>The deployment environments, in the order in which they were declared.</summary>
    public IReadOnlyList<DeploymentEnvironmentResource> Environments =>
        [.. Annotations.OfType<DeploymentEnvironmentAnnotation>().Select(a => a.Environment)];
}
