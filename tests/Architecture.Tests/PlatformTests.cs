using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

/// <summary>
/// The packages own the app model, orchestration, gRPC, telemetry, discovery, Redis' protocol and the cluster's API. What they
/// have is not written again here.
/// </summary>
public sealed partial class PlatformTests
{
    private static readonly string[] s_platform =
    [
        "Aspire.", "Grpc.", "OpenTelemetry", "StackExchange.Redis", "Microsoft.Extensions.ServiceDiscovery",
        "Microsoft.Extensions.Http.Resilience", "Polly",
    ];

    /// <summary>Methods of the preview package Aspire.Hosting.Kubernetes, which an AppHost may use one day beside ours.</summary>
    private static readonly string[] s_namesOfPreviews = ["AddKubernetesEnvironment", "PublishAsKubernetesService"];

    private static readonly Type[] s_ours =
    [
        .. Load("MonoRepo.").Where(assembly => !assembly.GetName().Name!.Contains("Tests", StringComparison.Ordinal))
            .SelectMany(Types),
    ];
    private static readonly Type[] s_theirs = [.. s_platform.SelectMany(Load).SelectMany(Types).Where(type => type.IsVisible)];

    [Fact]
    public void NamespaceOfAspire_HoldsExtensionMethodsAndResourcesOnly()
    {
        var others = s_ours.Where(
            type => type.Namespace is { } name && (name == "Aspire" || name.StartsWith("Aspire.", StringComparison.Ordinal)))
            .Where(type => !type.IsNested && !typeof(IResource).IsAssignableFrom(type))
            .Where(type =>
                !(type.IsAbstract && type.IsSealed
                && PublicMethods(type).All(method => method.IsDefined(typeof(ExtensionAttribute)))));

        Assert.Empty(others.Select(type => type.FullName));
    }

    [Fact]
    public void Types_HaveNoNamesOfThePlatform()
    {
        var names = s_theirs.Where(type => !type.IsNested).Select(type => type.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(s_ours.Where(type => !type.IsNested && names.Contains(type.Name) && IsWrittenHere(type))
            .Select(type => type.FullName));
    }

    [Fact]
    public void ExtensionMethods_HaveNoNamesOfThePlatform_OnTypesOfThePlatform()
    {
        var names = s_theirs.SelectMany(Extensions).Select(method => method.Name).Concat(s_namesOfPreviews)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Empty(s_ours.Where(type => type.IsVisible).SelectMany(Extensions)
            .Where(method => names.Contains(method.Name) && !Mentions(method.GetParameters()[0].ParameterType, s_ours))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"));
    }

    [Fact]
    public void Packages_ComeFromTheUsersFeedsOnly()
    {
        Assert.DoesNotContain(
            SourceTree.Files,
            file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase)
                || file.EndsWith(".nupkg", StringComparison.Ordinal));
        Assert.DoesNotContain(BuildFiles(), file => FeedSetting().IsMatch(SourceTree.Read(file)));
    }

    /// <summary>NU1603: a version that nobody asked for. NU1605: an older one than a package needs.</summary>
    [Fact]
    public void RestoreWarnings_AreNotSuppressed() =>
        Assert.DoesNotContain(BuildFiles(), file => SuppressedRestoreWarning().IsMatch(SourceTree.Read(file)));

    [Fact]
    public void Contracts_OfThePlatform_AreNotCopied() =>
        Assert.DoesNotContain(SourceTree.Files.Where(file => file.EndsWith(".proto", StringComparison.Ordinal)), file =>
            ContractOfThePlatform().IsMatch(SourceTree.Read(file)));

    private static IEnumerable<string> BuildFiles() =>
        SourceTree.Files.Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets" or ".proj");

    private static IEnumerable<Assembly> Load(string prefix) =>
        Directory.EnumerateFiles(
            AppContext.BaseDirectory, $"{prefix}*.dll").Order(StringComparer.Ordinal).Select(Assembly.LoadFrom);

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes()
                .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Namespace is not null);
        }
        catch (ReflectionTypeLoadException partly)
        {
            return partly.Types.OfType<Type>();
        }
    }

    private static IEnumerable<MethodInfo> PublicMethods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

    private static IEnumerable<MethodInfo> Extensions(Type type) =>
        type.IsAbstract && type.IsSealed ? PublicMethods(type).Where(method => method.IsDefined(typeof(ExtensionAttribute))) : [];

    // Contracts are generated; Deploy doesn't know Aspire, and a line of a pod's log is another thing than one of Aspire's.
    private static bool IsWrittenHere(Type type) =>
        !type.Namespace!.StartsWith("Google.", StringComparison.Ordinal) && type.Assembly.GetName().Name != "MonoRepo.Deploy";

    private static bool Mentions(Type type, IReadOnlyCollection<Type> types) =>
        types.Contains(type)
        || type.GenericTypeArguments.Any(argument => Mentions(argument, types))
        || (type.IsGenericParameter && type.GetGenericParameterConstraints().Any(constraint => Mentions(constraint, types)));

    [GeneratedRegex("RestoreSources|RestoreAdditionalProjectSources|RestoreConfigFile")]
    private static partial Regex FeedSetting();

    [GeneratedRegex("NU160[35]")]
    private static partial Regex SuppressedRestoreWarning();

    [GeneratedRegex("^package (grpc|aspire|opentelemetry)[.;]", RegexOptions.Multiline)]
    private static partial Regex ContractOfThePlatform();
}
