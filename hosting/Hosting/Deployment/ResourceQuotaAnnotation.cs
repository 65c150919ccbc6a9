using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What all pods of an environment may request together.</summary>
public sealed record ResourceQuotaAnnotation(string Cpu, string Memory, int? Pods) : IResourceAnnotation;
