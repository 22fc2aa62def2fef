using System.Text;

namespace Bootstrapper.Tests.Installation;

/// <summary>An answer as it goes over the wire, true or not.</summary>
/// <param name="Length">What the head says.</param>
/// <param name="Body">What comes.</param>
internal sealed record Answer(int Status, int Length, byte[] Body)
{
    public string Type { get; init; } = "application/octet-stream";

    /// <summary>What the server's clock says; <c>null</c> where it says nothing.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Whether the connection then stays open and nothing more comes.</summary>
    public bool Hangs { get; init; }

    /// <summary>Not even a head.</summary>
    public static Answer None { get; } = new(0, 0, []);

    public static Answer Ok(byte[] body) => new(200, body.Length, body);

    public static Answer Ok(string body) => Ok(Encoding.UTF8.GetBytes(body));

    public static Answer Error(int status) => Ok($"error {status}") with { Status = status };
}
