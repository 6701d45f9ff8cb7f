// Stresses the engine under the sanitizers. Threads decode, cancel calls, let calls run out of time, index files that change
// and read from a file that does not answer, while the process forks. At its end the process exits with work in flight. Each
// frame that is delivered is compared with the same frame decoded without the engine.
//
//   engine_stress SECONDS FILE|FOLDER...      exits with 0 if every check held
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hanging_reads.hpp"
#include "require.hpp"
#include "stress_videos.hpp"

namespace kf::fuzz {

using engine::Engine;
using engine::TaskLimit;

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using Random = std::mt19937;

int up_to(Random& random, int last) {
    return static_cast<int>(random() % static_cast<unsigned>(last + 1));
}

/// Shared by all threads. Only the counters change.
struct Stress {
    std::vector<StressVideo> videos;
    std::shared_ptr<TaskLimit> limit = std::make_shared<TaskLimit>(3);
    fs::path folder;  // for files that this program writes
    engine::Clock::time_point end;
    std::atomic<int> decoded = 0;
    std::atomic<int> stopped = 0;
    std::atomic<int> indexed = 0;
    std::atomic<int> stuck = 0;
    std::atomic<int> forked = 0;

    [[nodiscard]] bool over() const { return engine::Clock::now() >= end; }
};

/// Decodes several videos in one call and waits for it.
void decode(Stress& stress, Random& random) {
    StressCall call(stress.videos, random, 1 + up_to(random, 3));
    Engine::current()->idle_cpus().force(up_to(random, 3));  // short runs are helped, too
    const bool shares = up_to(random, 1) == 0;               // as the batches of a loader share one limit
    const auto ticket = Engine::current()->submit_decode(call.request({}), shares ? stress.limit : call.threads());
    require(ticket->wait_for(120s), "a call ends");
    call.check(ticket->result(), engine::DecodeTicket::Stop::none);
    ++stress.decoded;
}

/// Steps through a video, beside other threads that may step through the same one.
void step(Stress& stress, Random& random) {
    StressCall call(stress.videos, random, 1);
    for (int i = 0; i < 8; ++i, call.move_on(1 + up_to(random, 2))) {
        const auto ticket = Engine::current()->submit_decode(call.request({}), call.threads());
        if (up_to(random, 20) == 0) ticket->cancel();
        require(ticket->wait_for(120s), "a call that goes on from another one ends");
        call.check(ticket->result(), ticket->why_stopped());
    }
    ++stress.decoded;
}

/// Cancels a call, or lets its time run out, at some moment. Frames that were delivered are right, and nothing is written
/// once the ticket is over.
void stop(Stress& stress, Random& random) {
    StressCall call(stress.videos, random, 6);
    const bool cancel = up_to(random, 1) == 0;
    const std::chrono::microseconds delay(up_to(random, 20000));
    std::optional<std::chrono::nanoseconds> timeout;
    if (!cancel) timeout = delay;
    const auto ticket = Engine::current()->submit_decode(call.request(timeout), call.threads());
    if (cancel) {
        std::this_thread::sleep_for(delay);
        ticket->cancel();
    }
    require(ticket->wait_for(120s), "a call that is stopped ends");
    call.check(ticket->result(), ticket->why_stopped());
    call.check_left_alone();
    stress.stopped += ticket->why_stopped() != engine::DecodeTicket::Stop::none;
}

/// Indexes files that other threads replace, through the cache of indices. Each index is that of one video, or an error.
void index(Stress& stress, Random& random) {
    const StressVideo& video = stress.videos[random() % stress.videos.size()];
    const fs::path path = stress.folder / ("changing" + std::to_string(up_to(random, 3)));
    const fs::path whole = path.string() + "." + std::to_string(random());
    std::ofstream(whole, std::ios::binary)
        .write(reinterpret_cast<const char*>(video.bytes->data()), static_cast<std::streamsize>(video.bytes->size()));
    fs::rename(whole, path);
    std::vector<media::SourceSpec> sources(3);
    for (media::SourceSpec& source : sources) source.path = path.string();
    sources.push_back({"/nowhere", 0, -1, nullptr});
    const auto ticket = Engine::current()->submit_index(sources, {}, std::nullopt);
    if (up_to(random, 3) == 0) ticket->cancel();
    require(ticket->wait_for(120s), "indexing ends");
    for (const engine::IndexResult& result : ticket->result()) {
        const auto* found = std::get_if<std::shared_ptr<const index::FrameIndex>>(&result);
        const auto is_this = [found](const StressVideo& known) { return **found == *known.index; };
        require(!found || std::any_of(stress.videos.begin(), stress.videos.end(), is_this), "an index is of one file");
    }
    ++stress.indexed;
}

/// Indexes a file whose reads never return. The call ends when its time is up, and other calls go on.
void read_stuck(Stress& stress, Random& random) {
    const std::string path = (stress.folder / "stuck").string();
    const auto ticket =
        Engine::current()->submit_index({{path, 0, -1, nullptr}}, {}, std::chrono::milliseconds(up_to(random, 20)));
    require(ticket->wait_for(120s), "a call does not wait for a read that never returns");
    const engine::IndexResult result = ticket->result().front();
    const auto* error = std::get_if<base::Error>(&result);
    require(error != nullptr && error->code == base::ErrorCode::timeout, "the error is a timeout");
    if (++stress.stuck % 8 == 0) release_hanging_reads();
    std::this_thread::sleep_for(2ms);
}

/// Forks a child that decodes with its own engine, while the threads of the parent go on.
void fork_once(Stress& stress, Random& random) {
    const pid_t child = fork();
    require(child >= 0, "the process can fork");
    if (child == 0) {
        stress.limit = std::make_shared<TaskLimit>(3);  // the parent's limit counts tasks that run in the parent
        for (int i = 0; i < 2; ++i) decode(stress, random);
        _exit(0);
    }
    int status = 0;
    require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0, "a forked child decodes");
    ++stress.forked;
    std::this_thread::sleep_for(20ms);
}

void run_threads(Stress& stress) {
    using Job = void (*)(Stress&, Random&);
    std::vector<std::thread> threads;
    unsigned seed = 0;
    for (const auto& [job, count] :
         {std::pair<Job, int>{decode, 3}, {step, 3}, {stop, 4}, {index, 2}, {read_stuck, 1}, {fork_once, 1}}) {
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([&stress, job = job, seed] {
                Random random(seed);
                while (!stress.over()) job(stress, random);
            });
            ++seed;
        }
    }
    for (std::thread& thread : threads) thread.join();
}

/// Starts threads that still decode when main returns.
void leave_work(const std::vector<StressVideo>& videos) {
    for (unsigned seed = 0; seed < 3; ++seed) {
        std::thread([&videos, seed] {
            Random random(seed);
            while (true) {
                StressCall call(videos, random, 6);
                const auto ticket = Engine::current()->submit_decode(call.request({}), call.threads());
                while (!ticket->wait_for(1s)) {
                }
            }
        }).detach();
    }
    std::this_thread::sleep_for(50ms);
}

}  // namespace
}  // namespace kf::fuzz

int main(int count, char** arguments) {
    using namespace kf::fuzz;
    if (count < 3) {
        std::fprintf(stderr, "engine_stress SECONDS FILE|FOLDER...\n");
        return 2;
    }
    Stress& stress = *std::make_unique<Stress>().release();  // work in flight outlives main
    (void)kf::engine::Engine::current();                     // captures FFmpeg's log before anything is decoded
    stress.videos = read_stress_videos({arguments + 2, arguments + count});
    require(!stress.videos.empty(), "there are videos");
    stress.folder = fs::temp_directory_path() / ("kinetics_fast-stress-" + std::to_string(getpid()));
    fs::create_directory(stress.folder);
    hang_reads_of(stress.folder / "stuck");
    stress.end = kf::engine::Clock::now() + std::chrono::seconds(std::atoi(arguments[1]));
    run_threads(stress);
    release_hanging_reads();
    fs::remove_all(stress.folder);
    std::printf("%d calls decoded, %d stopped, %d indexed, %d stuck, %d forks: every check held\n", stress.decoded.load(),
                stress.stopped.load(), stress.indexed.load(), stress.stuck.load(), stress.forked.load());
    leave_work(stress.videos);
    return 0;
}
