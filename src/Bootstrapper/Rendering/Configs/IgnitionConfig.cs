using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bootstrapper.Rendering.Configs;

/// <summary>An Ignition config (Ignition specification 3.3), as far as we use it. What is <c>null</c> is not written.</summary>
internal sealed record IgnitionConfig(
    IgnitionHeader Ignition, IgnitionPasswd? Passwd, IgnitionStorage? Storage, IgnitionSystemd? Systemd)
{
    /// <summary>For operators to read, too, so in lines and with no more escapes than JSON needs.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";
}

internal sealed record IgnitionHeader(string Version);

internal sealed record IgnitionPasswd(IReadOnlyList<IgnitionUser> Users);

internal sealed record IgnitionUser(string Name)
{
    public string? PasswordHash { get; init; }

    public IReadOnlyList<string>? SshAuthorizedKeys { get; init; }

    public string? Gecos { get; init; }

    public string? HomeDir { get; init; }

    public bool? NoCreateHome { get; init; }

    public string? PrimaryGroup { get; init; }

    public IReadOnlyList<string>? Groups { get; init; }

    public bool? NoUserGroup { get; init; }

    public bool? System { get; init; }

    public bool? NoLogInit { get; init; }

    public string? Shell { get; init; }
}

internal sealed record IgnitionStorage(IReadOnlyList<IgnitionFile>? Files, IReadOnlyList<IgnitionLink>? Links);

/// <param name="Mode">Not in octal: JSON has decimal numbers only.</param>
internal sealed record IgnitionFile(
    string Path, bool Overwrite, int Mode, IgnitionAccount? User, IgnitionAccount? Group, IgnitionResource Contents);

/// <param name="Target">As it stands in the symbolic link.</param>
internal sealed record IgnitionLink(string Path, bool Overwrite, string Target);

/// <summary>Either a name or a number.</summary>
internal sealed record IgnitionAccount(string? Name, int? Id);

/// <param name="Source">A <c>data:</c> URL (RFC 2397).</param>
internal sealed record IgnitionResource(string? Compression, string Source);

internal sealed record IgnitionSystemd(IReadOnlyList<IgnitionUnit> Units);

/// <param name="Enabled"><c>null</c> to leave it as the operating system has it.</param>
internal sealed record IgnitionUnit(
    string Name, bool? Enabled, bool? Mask, string? Contents, IReadOnlyList<IgnitionDropIn>? Dropins);

internal sealed record IgnitionDropIn(string Name, string Contents);
