using System.Text.Json;
using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Audit;

namespace Bootstrapper.Inventory.Records;

/// <summary>The records on disk: <c>inventory/&lt;mac with dashes&gt;.json</c>, one whole file per node.</summary>
internal sealed class InventoryFiles(string directory)
{
    /// <summary>Of a record, in bytes; the facts of a machine are cut to a few KiB.</summary>
    public const long Largest = 1 << 20;

    public static readonly JsonSerializerOptions Json = Indented();

    /// <summary>How what we keep and tell is written as JSON, here and in the API.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new AddressConverter());
    }

    /// <summary>When it returns, the record survives a power cut.</summary>
    /// <returns>The file as it is now.</returns>
    public AuditFile Save(NodeRecord record)
    {
        var file = new AuditFile(NameOf(record.Mac), JsonSerializer.Serialize(record, Json) + "\n");
        Bsroot.Write(Path.Combine(directory, file.Path), file.Content!);
        return file;
    }

    /// <summary>When it returns, the record does not come back after a power cut.</summary>
    /// <returns>The file as it is now: not there.</returns>
    public AuditFile Delete(MacAddress mac)
    {
        Bsroot.Remove(Path.Combine(directory, NameOf(mac)));
        return new AuditFile(NameOf(mac), Content: null);
    }

    /// <summary>
    /// Reads all records. One that cannot be read, which only a hand could have done, stands for a failed machine: it boots
    /// its own disk until somebody has looked, and is never installed by mistake.
    /// </summary>
    public IEnumerable<NodeRecord> Load(DateTimeOffset now) => !Directory.Exists(directory) ? [] :
        from file in Directory.EnumerateFiles(directory, "*.json")
        where MacAddress.TryParse(Path.GetFileNameWithoutExtension(file), null, out _)
        select Read(file, now);

    /// <summary>What the machine is called in a file; where that cannot be read, what the file is called.</summary>
    public static string HostNameIn(AuditFile file) => In(file)?.HostName ?? Path.GetFileNameWithoutExtension(file.Path);

    /// <summary>Anybody can fill it, so the audit trail has it only where an operator did something.</summary>
    public static bool IsOfUnknownMachine(AuditFile file) => In(file) is { State: NodeState.Discovered };

    public static string NameOf(MacAddress mac) => $"{mac.ToHyphenated()}.json";

    private static JsonSerializerOptions Indented()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
        Configure(options);
        return options;
    }

    private static NodeRecord? In(AuditFile file)
    {
        try
        {
            return JsonSerializer.Deserialize<NodeRecord>(file.Content ?? "null", Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static NodeRecord Read(string file, DateTimeOffset now)
    {
        var mac = MacAddress.Parse(Path.GetFileNameWithoutExtension(file), null);
        try
        {
            return (JsonSerializer.Deserialize<NodeRecord>(BoundedFile.ReadText(file, Largest), Json)
                ?? throw new JsonException("it is empty")) with
            {
                Mac = mac,
            };
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return new NodeRecord
            {
                Mac = mac,
                State = NodeState.Failed,
                Since = now,
                Message = $"{file} cannot be read: {e.Message}",
            };
        }
    }
}
