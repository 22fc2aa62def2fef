using System.Text.Json;

namespace Bootstrapper.Registry;

/// <summary>
/// How <c>registry gc</c> asks the running program, and hears from it: through files in the data root that both of them see,
/// also where one of them is in a container.
/// </summary>
internal sealed class GarbageRequest(Bsroot bsroot)
{
    /// <returns>What the answer will be known by.</returns>
    public string Ask()
    {
        var id = Path.GetRandomFileName();
        Bsroot.Write(bsroot.GarbageRequest, id);
        return id;
    }

    /// <summary>Whether it waits to be taken.</summary>
    public bool IsOpen => File.Exists(bsroot.GarbageRequest);

    /// <returns>Whether nobody took the request; nobody will any more.</returns>
    public bool Withdraw(string id)
    {
        var isThere = File.Exists(bsroot.GarbageRequest) && File.ReadAllText(bsroot.GarbageRequest) == id;
        File.Delete(bsroot.GarbageRequest);
        return isThere;
    }

    /// <returns>Whose answer is awaited; <c>null</c> when nobody asks.</returns>
    public string? Take()
    {
        if (!File.Exists(bsroot.GarbageRequest))
        {
            return null;
        }

        File.Move(bsroot.GarbageRequest, bsroot.GarbageTaken, overwrite: true);
        return File.ReadAllText(bsroot.GarbageTaken);
    }

    /// <returns>What was taken and never answered: the program was ended in the middle.</returns>
    public string? Interrupted() => File.Exists(bsroot.GarbageTaken) ? File.ReadAllText(bsroot.GarbageTaken) : null;

    public void Answer(GarbageAnswer answer)
    {
        Bsroot.Write(bsroot.GarbageAnswer, JsonSerializer.Serialize(answer));
        File.Delete(bsroot.GarbageTaken);
    }

    public GarbageAnswer? Find(string id) =>
        File.Exists(bsroot.GarbageAnswer)
            && JsonSerializer.Deserialize<GarbageAnswer>(File.ReadAllText(bsroot.GarbageAnswer)) is { } answer
            && answer.Id == id ? answer : null;
}

/// <param name="Problem">Why nothing, or not all, was freed; <c>null</c> when all went well.</param>
internal sealed record GarbageAnswer(string Id, Garbage? Freed, string? Problem);
