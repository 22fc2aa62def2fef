using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Etcd;

/// <summary>
/// Where etcd members find each other before there is a cluster (etcd, "Discovery service protocol"): for each token the members
/// that have come, and how many there are to be. One file per token.
/// </summary>
internal sealed class EtcdRegistry(string directory)
{
    /// <summary>A token is as good as a password for a cluster that is yet to be: nobody guesses 128 bits.</summary>
    private const int TokenBytes = 16;

    private const int MostTokens = 1000;

    private static readonly JsonSerializerOptions Strict =
        new(InventoryFiles.Json) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly ConcurrentDictionary<string, EtcdDiscovery> _byToken = [];
    private readonly Lock _writing = new();

    /// <returns>The token; <c>null</c> when there are too many.</returns>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public string? Create(int size)
    {
        lock (_writing)
        {
            if (Directory.Exists(directory) && Directory.EnumerateFiles(directory).Count() >= MostTokens)
            {
                return null;
            }

            var token = RandomNumberGenerator.GetHexString(2 * TokenBytes, lowercase: true);
            Keep(token, new EtcdDiscovery(size, Index: 1, []));
            return token;
        }
    }

    /// <returns><c>null</c> when the token was not given here, or its file is broken.</returns>
    public EtcdDiscovery? Find(string token) =>
        token.Length != 2 * TokenBytes || !token.All(char.IsAsciiHexDigitLower) ? null
        : _byToken.TryGetValue(token, out var known) ? known
        : File.Exists(PathOf(token)) && Read(PathOf(token)) is { } kept ? _byToken.GetOrAdd(token, kept)
        : null;

    /// <summary>Adds a member, changes one, or with no <paramref name="value"/> takes one out.</summary>
    /// <returns>As it is now; the same as before when there is no room.</returns>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public EtcdDiscovery Set(string token, string member, string? value)
    {
        lock (_writing)
        {
            var before = Find(token)!;
            var after = before.With(member, value);
            if (after != before)
            {
                Keep(token, after);
                before.Changed.TrySetResult();
            }

            return after;
        }
    }

    private static EtcdDiscovery? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<EtcdDiscovery>(BoundedFile.ReadText(path, InventoryFiles.Largest), Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Keep(string token, EtcdDiscovery discovery)
    {
        Bsroot.Write(PathOf(token), JsonSerializer.Serialize(discovery, InventoryFiles.Json) + "\n", Bsroot.SecretFile);
        _byToken[token] = discovery;
    }

    private string PathOf(string token) => Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{token}.json"));
}
