using System.Collections;
using System.Reflection;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// Looks at objects before they are sent, so that an apply does not stop halfway. What publish writes comes from typed records and is
/// right by construction; what people patch in is compared with those records: a value of the wrong type is a fault, a field that they do
/// not have is left to the cluster, in a dry run of only these objects. kubectl's own check loads the cluster's OpenAPI, which takes
/// seconds in every call.
/// </summary>
public static class SchemaCheck
{
    private static readonly Dictionary<string, Type> s_kinds = typeof(KubernetesObject).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(KubernetesObject)) && !t.IsAbstract).ToDictionary(t => t.Name);

    // What setup makes; an environment has nothing outside of its namespace.
    private static readonly HashSet<string> s_clusterWide =
    [
        "Namespace", "Node", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "PriorityClass", "StorageClass",
        "IngressClass", "GatewayClass", "RuntimeClass", "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
    ];

    /// <summary>Looks at all objects.</summary>
    public static SchemaReport Check(IReadOnlyList<YamlMap> objects)
    {
        var faults = new List<string>();
        var unknown = new List<YamlMap>();
        var keys = new HashSet<ObjectKey>();
        foreach (var one in objects)
        {
            var check = new ObjectCheck(one, faults);
            if (check.IsUnknown)
            {
                unknown.Add(one);
            }

            if (!keys.Add(ObjectKey.Of(one)))
            {
                faults.Add($"{ObjectKey.Of(one)}: is there twice. Give one of them another name.");
            }
        }

        return new(faults, unknown);
    }

    private sealed class ObjectCheck
    {
        private readonly string _object;
        private readonly List<string> _faults;

        public ObjectCheck(YamlMap one, List<string> faults)
        {
            var key = ObjectKey.Of(one);
            (_object, _faults) = (key.ToString(), faults);
            if (key.Kind.Length == 0 || key.Name.Length == 0 || one.Text("apiVersion") is null)
            {
                Fault("", "has no apiVersion, kind or metadata.name");
            }
            else if (s_clusterWide.Contains(key.Kind))
            {
                Fault("", "is outside of any namespace; an environment has only what is in its own. An administrator makes it with `setup` or by hand");
            }
            else if (key.Kind == "ConfigMap")
            {
                Record(one.Map("data"), typeof(Dictionary<string, string>), ".data");
            }
            else if (s_kinds.TryGetValue(key.Kind, out var type))
            {
                Record(one, type, "");
            }
            else
            {
                IsUnknown = true;
            }
        }

        public bool IsUnknown { get; private set; }

        private void Record(YamlNode? node, Type type, string path)
        {
            if (node is null)
            {
                return;
            }

            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type == typeof(string))
            {
                Scalar(node, path, "text", YamlScalarKind.String);
            }
            else if (type == typeof(bool))
            {
                Scalar(node, path, "true or false", YamlScalarKind.Boolean);
            }
            else if (type == typeof(int) || type == typeof(long))
            {
                Scalar(node, path, "a number", YamlScalarKind.Number);
            }
            else if (type == typeof(IntOrString))
            {
                Scalar(node, path, "a number or text", YamlScalarKind.Number, YamlScalarKind.String);
            }
            else if (typeof(IEnumerable<KeyValuePair<string, string>>).IsAssignableFrom(type))
            {
                foreach (var (key, value) in Map(node, path) ?? [])
                {
                    Scalar(value, $"{path}.{key}", "text", YamlScalarKind.String);
                }
            }
            else if (typeof(YamlNode).IsAssignableFrom(type))
            {
                return;
            }
            else if (typeof(IEnumerable).IsAssignableFrom(type))
            {
                List(node, type.GetGenericArguments()[0], path);
            }
            else
            {
                Fields(node, type, path);
            }
        }

        private void List(YamlNode node, Type type, string path)
        {
            if (node is not YamlList list)
            {
                Fault(path, "is no list");
                return;
            }

            for (var i = 0; i < list.Count; i++)
            {
                Record(list[i], type, $"{path}[{i}]");
            }
        }

        private void Fields(YamlNode node, Type type, string path)
        {
            foreach (var (key, value) in Map(node, path) ?? [])
            {
                if (type.GetProperties(BindingFlags.Public | BindingFlags.Instance).FirstOrDefault(p => ModelSerializer.Name(p) == key) is { } property)
                {
                    Record(value, property.PropertyType, $"{path}.{key}");
                }
                else if (!(type == typeof(ObjectMeta) && key == "namespace"))
                {
                    IsUnknown = true;
                }
            }
        }

        private YamlMap? Map(YamlNode node, string path)
        {
            if (node is not YamlMap)
            {
                Fault(path, "is no map");
            }

            return node as YamlMap;
        }

        // Quantities may be written as numbers, the API takes 1 for "1"; a label or a variable has to be text.
        private void Scalar(YamlNode node, string path, string wanted, params YamlScalarKind[] kinds)
        {
            if (node is not YamlScalar scalar || !(kinds.Contains(scalar.Kind) || IsQuantity(scalar, path)))
            {
                Fault(path, $"is {(node is YamlScalar s ? $"'{s.Text}'" : "no single value")} where {wanted} belongs{(wanted == "text" ? ": quote it" : "")}");
            }
        }

        private static bool IsQuantity(YamlScalar scalar, string path) =>
            scalar.Kind == YamlScalarKind.Number && (path.Contains(".requests.", StringComparison.Ordinal) || path.Contains(".limits.", StringComparison.Ordinal)
                || path.Contains(".hard.", StringComparison.Ordinal) || path.EndsWith(".sizeLimit", StringComparison.Ordinal));

        private void Fault(string path, string what) => _faults.Add($"{_object}:{(path.Length == 0 ? "" : $" {path}")} {what}.");
    }
}
