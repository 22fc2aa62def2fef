namespace Bootstrapper.Rendering.Configs;

/// <summary>Users. Ignition takes each once, and each of a user's keys and groups once.</summary>
internal static class IgnitionUsers
{
    /// <summary>Whose keys a cloud-config's own <c>ssh_authorized_keys</c> are.</summary>
    private const string DefaultUser = "core";

    public static IReadOnlyList<IgnitionUser> Of(NodeConfig config)
    {
        var isNamed = config.Users.Any(user => user.Name == DefaultUser);
        var users = isNamed || config.SshAuthorizedKeys is [] ? config.Users : [new NodeUser(DefaultUser), .. config.Users];
        return [.. users.Select(user => Of(
            user, user.Name == DefaultUser ? [.. config.SshAuthorizedKeys, .. user.SshAuthorizedKeys] : user.SshAuthorizedKeys))];
    }

    private static IgnitionUser Of(NodeUser user, IReadOnlyList<string> keys) => new(user.Name)
    {
        PasswordHash = user.PasswordHash,
        SshAuthorizedKeys = DistinctOrNull(keys),
        Gecos = user.Gecos,
        HomeDir = user.HomeDirectory,
        NoCreateHome = OrNull(user.NoCreateHome),
        PrimaryGroup = user.PrimaryGroup,
        Groups = DistinctOrNull(user.Groups),
        NoUserGroup = OrNull(user.NoUserGroup),
        System = OrNull(user.System),
        NoLogInit = OrNull(user.NoLogInit),
        Shell = user.Shell,
    };

    private static bool? OrNull(bool flag) => flag ? true : null;

    private static IReadOnlyList<string>? DistinctOrNull(IReadOnlyList<string> items) =>
        items is [] ? null : [.. items.Distinct(StringComparer.Ordinal)];
}
