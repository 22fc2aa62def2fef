using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Model;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox;

/// <summary>Single files.</summary>
internal sealed partial class MatchboxReader
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = true, // as in Go
    };

    private NetBoot Boot(string file) =>
        Parse<BootFile>(file).ToNetBoot() ?? throw Wrong(file, "kernel is required", "kernel");

    private Dictionary<string, T> Store<T>(string folder, Func<string, T> read)
        where T : class
    {
        var files = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, file) in _tree.Store(folder))
        {
            if (Try(file, () => read(file)) is { } content)
            {
                files[key] = content;
            }
        }

        return files;
    }

    private T Parse<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(_tree.Read(file), Json)
                ?? throw new RenderingException(file, new Position(1, 1), "must be a JSON object");
        }
        catch (JsonException e)
        {
            var what = e.Path is { Length: > 2 } path
                ? $"{path[2..]} is not what it should be, or what follows is not JSON"
                : "is not JSON";
            throw new RenderingException(file, new Position((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1), what, e);
        }
    }

    /// <returns><c>null</c> when it failed, which was noted.</returns>
    private T? Try<T>(string file, Func<T?> read, string path = "")
        where T : class
    {
        try
        {
            return read();
        }
        catch (RenderingException e)
        {
            _problems.AddRange(e.ToProblems(path));
        }
        catch (NotUtf8Exception e)
        {
            _problems.Add(Problem.Error(path, e.Reason) with { File = file, Position = new Position(e.Line, e.Column) });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(Problem.Error(path, e.Message) with { File = file });
        }

        return null;
    }
}
