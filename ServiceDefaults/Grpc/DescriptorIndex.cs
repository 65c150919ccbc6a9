using Google.Protobuf.Reflection;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>The files behind the served services, by file name, symbol and extension.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _byName = [];
    private readonly Dictionary<string, FileDescriptor> _bySymbol = [];
    private readonly Dictionary<(string Type, int Number), FileDescriptor> _byExtension = [];

    public DescriptorIndex(GrpcServices services)
    {
        foreach (var descriptor in services.Descriptors)
        {
            Add(descriptor.File);
        }
    }

    public FileDescriptor? ByName(string name) => _byName.GetValueOrDefault(name);

    public FileDescriptor? BySymbol(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    public FileDescriptor? ByExtension(string type, int number) => _byExtension.GetValueOrDefault((type, number));

    /// <summary>The extension numbers of a message type; null where the type is unknown.</summary>
    public IReadOnlyList<int>? ExtensionsOf(string type) => _bySymbol.ContainsKey(type)
        ? [.. _byExtension.Keys.Where(key => key.Type == type).Select(key => key.Number).Order()]
        : null;

    private void Add(FileDescriptor file)
    {
        if (!_byName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var service in file.Services)
        {
            _bySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                _bySymbol[method.FullName] = file;
            }
        }

        Add(file.MessageTypes, file);
        Add(file.EnumTypes, file);
        Add(file.Extensions.UnorderedExtensions, file);
        foreach (var dependency in file.Dependencies)
        {
            Add(dependency);
        }
    }

    private void Add(IEnumerable<MessageDescriptor> messages, FileDescriptor file)
    {
        foreach (var message in messages)
        {
            _bySymbol[message.FullName] = file;
            Add(message.NestedTypes, file);
            Add(message.EnumTypes, file);
            Add(message.Extensions.UnorderedExtensions, file);
        }
    }

    private void Add(IEnumerable<EnumDescriptor> enums, FileDescriptor file)
    {
        foreach (var type in enums)
        {
            _bySymbol[type.FullName] = file;
        }
    }

    private void Add(IEnumerable<FieldDescriptor> extensions, FileDescriptor file)
    {
        foreach (var extension in extensions)
        {
            _bySymbol[extension.FullName] = file;
            _byExtension[(extension.ExtendeeType.FullName, extension.FieldNumber)] = file;
        }
    }
}
