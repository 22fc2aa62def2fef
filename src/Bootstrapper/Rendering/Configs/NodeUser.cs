namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// A user that is made or, where it is there already, given a password and keys. See useradd(8) for what the words mean.
/// </summary>
internal sealed record NodeUser(string Name)
{
    /// <summary>As in <c>/etc/shadow</c>.</summary>
    public string? PasswordHash { get; init; }

    public IReadOnlyList<string> SshAuthorizedKeys { get; init; } = [];

    /// <summary>Full name, and what else finger(1) showed.</summary>
    public string? Gecos { get; init; }

    public string? HomeDirectory { get; init; }

    public bool NoCreateHome { get; init; }

    public string? PrimaryGroup { get; init; }

    /// <summary>Other groups; they must exist.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public bool NoUserGroup { get; init; }

    public bool System { get; init; }

    public bool NoLogInit { get; init; }

    public string? Shell { get; init; }
}
