namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// What an installed system makes itself into, whatever language it is told in. Names, modes and paths were checked when it
/// was read, and no two parts of it write the same file.
/// </summary>
internal sealed record NodeConfig
{
    public string? HostName { get; init; }

    /// <summary>Whether /etc/hosts says that the host name is this machine.</summary>
    public bool ManagesEtcHosts { get; init; }

    /// <summary>Lines as in <c>authorized_keys</c>, of the user <c>core</c>.</summary>
    public IReadOnlyList<string> SshAuthorizedKeys { get; init; } = [];

    public IReadOnlyList<NodeUser> Users { get; init; } = [];

    public IReadOnlyList<NodeFile> Files { get; init; } = [];

    /// <summary>Those of systemd and those of networkd.</summary>
    public IReadOnlyList<NodeUnit> Units { get; init; } = [];

    public IReadOnlyList<UpdateSetting> Updates { get; init; } = [];
}
