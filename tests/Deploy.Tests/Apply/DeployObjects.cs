using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>Objects as they are rendered, as small as can be.</summary>
internal static class DeployObjects
{
    public static YamlMap Namespace => Read("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: jane\n");

    public static YamlMap Deployment(string resource, int? replicas = 1, string settings = "settings-1") => Read($$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{resource}}
          annotations:
            monorepo/resource: {{resource}}
        spec:
          {{(replicas is null ? "revisionHistoryLimit: 3" : $"replicas: {replicas}")}}
          template:
            spec:
              containers:
              - name: main
                image: main
                envFrom:
                - configMapRef:
                    name: {{settings}}
        """);

    public static YamlMap ConfigMap(string resource, string name, string value = "1") => Read($$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{name}}
          annotations:
            monorepo/resource: {{resource}}
        data:
          A: "{{value}}"
        """);

    public static YamlMap Job(string name) => Read($$"""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{name}}
          annotations:
            monorepo/resource: migrate
        spec:
          backoffLimit: 3
        """);

    /// <summary>An object as others own fields of it.</summary>
    public static YamlMap Owned(YamlMap one, string manager, string fields)
    {
        var owned = (YamlMap)one.Clone();
        var entry = new YamlMap().Add("manager", manager).Add("fieldsV1", Read(fields));
        owned.Map("metadata")!["managedFields"] = new YamlList([.. owned.Map("metadata")!.List("managedFields") ?? [], entry]);
        return owned;
    }

    public static ChangeSet Changes(
        IReadOnlyList<YamlMap> wanted, IReadOnlyList<YamlMap> live, params IEnumerable<string> inventory) =>
        ChangeSet.Between(wanted, live, Inventory(inventory), ChangeScope.All);

    public static Inventory Inventory(params IEnumerable<string> lines) =>
        new([.. lines.Select(l => InventoryEntry.Parse(l)!)], "1");

    public static YamlMap Read(string yaml) => (YamlMap)YamlReader.ReadAll(yaml)[0];
}
